"""The document of a project's dashboard: its operations, how they are applied and taken back."""
