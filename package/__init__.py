"""The Pulumi package `moorings`: the components for programs in every language of Pulumi, and what `planning` computes."""
