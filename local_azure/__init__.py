"""A local Azure Resource Manager: enough of ARM, with its real rules, to rehearse a deployment without an account."""
