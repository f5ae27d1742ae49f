"""The JSON contract: the same services as the pages, for programs. Errors, tokens, pages, limits, the document."""
