"""Pictures for chats: drawn here, kept as files, sent by channels. matplotlib is imported only when something is drawn."""
