def measure(**k): pass
