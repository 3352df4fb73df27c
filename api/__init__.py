"""The door for officers: JSON routes and server-drawn Chinese pages; parses, calls casework, decides nothing."""
