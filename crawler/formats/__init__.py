"""Page families that two or more sources share; a module is born on its second use."""
