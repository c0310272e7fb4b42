"""The door for other assistants (Model Context Protocol): tools and resources over the content.

The official SDK is imported in `server` and `http` alone, and there only when somebody comes.
"""
