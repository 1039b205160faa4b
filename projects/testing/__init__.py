"""Tests of flows as rows: what may be stored, how they read in a file, and what their runner is handed (ADR 111)."""
