"""Answers that people give: one module per chapter.

WRONG: {id: {what its message must say: [answers]}}. Answers under one key are one mistake, which
the check cannot, or need not, tell apart; under different keys the messages must differ.
RIGHT: {id: [answers]}, right ones in other forms than the library's.
"""
