"""The live room: questions, votes and who is connected."""
