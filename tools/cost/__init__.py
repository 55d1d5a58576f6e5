"""What a stack costs in a month at list prices: the table of prices, its refresh, the estimate and its forms."""
