"""Questions of the sender: what a letter says, what stands in the mailbox."""
