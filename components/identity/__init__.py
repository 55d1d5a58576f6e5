"""User-assigned identities and the outside issuers that they trust."""
