"""Mail: the outbox, its delivery and the building of messages."""
