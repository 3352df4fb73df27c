"""The door for officers: JSON routes and server-drawn Chinese pages; it parses and calls casework."""
