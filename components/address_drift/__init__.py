"""DNS records that follow the changing addresses of container groups."""
