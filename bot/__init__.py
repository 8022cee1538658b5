"""The shell: everything that reads the clock, keeps threads, talks to the network or opens the database.

`app.build` puts the house together; `inbound` takes messages in, `interpreter` applies effects, `outbound` is the one door out.
"""
