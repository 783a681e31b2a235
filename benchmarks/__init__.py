"""Measures perfxl beside the program that an office would write and beside what the machine must do anyway."""
