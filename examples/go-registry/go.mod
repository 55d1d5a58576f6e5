module go-registry

go 1.25

require (
	example.com/pulumi-moorings/sdk/go v0.0.0
	github.com/pulumi/pulumi/sdk/v3 v3.250.0
)

replace example.com/pulumi-moorings/sdk/go => ./sdks/moorings // what pulumi package add writes
