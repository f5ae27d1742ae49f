"""Official answers to ideas and the promises in them."""
