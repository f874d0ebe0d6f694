"""What is done around a deployment: checklists, headers, certificates, notices."""
