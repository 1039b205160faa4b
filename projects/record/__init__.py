"""Reading the audit: filtered pages, exports, and the activity of a project as sentences."""
