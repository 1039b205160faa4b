"""How people prove who they are, and where they are signed in. What is written goes through `projects.actions`."""
