"""Programs written against pulumi-azure-native alone, and what is planted in them."""
