"""What we keep: captures sealed so that a third party can check them, years later, with public tools."""
