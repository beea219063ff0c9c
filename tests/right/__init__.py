"""Right answers in other styles than the library's: RIGHT = {id: [answers]}, a module per chapter."""
