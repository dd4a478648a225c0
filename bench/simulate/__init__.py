"""A deterministic simulator of the whole pipeline: `python -m bench simulate --scenarios 1000 --seed 1`.

Real inboxes, with everything of them but a thread and a socket, run in a loop whose order and time a seed decides, on
a real SQLite whose disk forgets what was not synced. Their platform refuses, hangs, repeats itself; their processes
die before, inside and after every write, sync, commit, call and answer, and the power goes. In the end, when nothing
goes wrong any more, everything that was accepted must be there, once, and everything must be done. One seed is one
trace; a failure prints the command that repeats it. `--sweep` tries every death in a small world, `--faults` plants
mistakes and sees that they are found.

From the outside in: `scenario` plays one, drawn by `plan`; `sweep` lets copies of it die, as `deaths` spells it,
where `recovery` says that it makes a difference; `world` is what surrounds the `machine` and its workers, each a
`life`; the `platform`, in one of the `dialects`, holds the truth, and a `postbox`; an `operator` lives one of the
stories in `decisions`; `census`, `check`, `decided` and `watch` compare. The event loop is `loop`; the store's thread
is `engine`, Python's SQLite is `sqlite`, the operating system is `vfs`, and what is under it is `disk`.
"""
