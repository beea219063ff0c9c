"""How an answer gets its message, once checks.check has called judge.judge. In reading order:

exercise  what an exercise is: solution, cases, conditions, mistakes
answer    the reader's answer, called safely, and its results
safely    limits of time and of printing
judge     the verdict, and the words for it
slips     small changes of an answer's code
"""
