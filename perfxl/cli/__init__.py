"""The command line, in Chinese: one module a command, imported when it is asked for so that `--help` is quick."""
