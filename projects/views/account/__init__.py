"""Pages of a person about themselves: how they sign in, where they are signed in, what speaks for them."""
