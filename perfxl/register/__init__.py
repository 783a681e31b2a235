"""The register (往来登记): every file that ever came, when it came, and what became of it. Kept from run to run."""
