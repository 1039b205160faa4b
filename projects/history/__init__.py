"""What a flow was: its document at any revision that the change log still reaches (ADR 83)."""
