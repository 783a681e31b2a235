"""Builds what an office without internet installs perfxl from: `python .ci/bundle --help`.

Three forms: all wheels with an installer that needs only Python; perfxl with a Python of its own for Windows; and
perfxl frozen by PyInstaller for the system that builds it. `shipped/` goes into them as it stands.
"""
