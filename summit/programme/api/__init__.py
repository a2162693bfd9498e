"""`/api/v1`: the released programme for everybody's programs, and the draft for those that come with a token."""
