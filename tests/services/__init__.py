"""The services of a deployment for a team, each the real program: PostgreSQL and Redis, on 127.0.0.1."""
