// A whole stack description as one resource.
package main

import (
	"example.com/pulumi-moorings/sdk/go/moorings/access"
	"example.com/pulumi-moorings/sdk/go/moorings/identity"
	"example.com/pulumi-moorings/sdk/go/moorings/network"
	"example.com/pulumi-moorings/sdk/go/moorings/planning"
	"example.com/pulumi-moorings/sdk/go/moorings/platform"
	"example.com/pulumi-moorings/sdk/go/moorings/privateendpoint"
	"example.com/pulumi-moorings/sdk/go/moorings/registry"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	location = "swedencentral"
	space    = "10.20.0.0/16"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	// A subnet that is added at the end moves no other.
	subnets, err := planning.GetSubnetRanges(ctx, &planning.GetSubnetRangesArgs{
		AddressSpace: []string{space},
		Subnets:      []string{"/26"},
	})
	if err != nil {
		return err
	}

	made, err := platform.NewPlatform(ctx, "platform", &platform.PlatformArgs{
		Name:        "contoso",
		Environment: "go",
		Location:    location,
		Networks: map[string]network.NetworkSpecArgs{
			location: {
				AddressSpace: []string{space},
				Subnets: map[string]network.SubnetSpecArgs{
					"registry": {Prefix: ptr(subnets.Ranges[0]), Purpose: ptr(network.SubnetPurposePrivateEndpoints)},
				},
			},
		},
		Registry: &registry.RegistrySpecArgs{
			Name:              "contosoplatformgo",
			RegionalEndpoints: ptr(true),
			Protect:           ptr(false), // so that pulumi destroy deletes it
			PrivateEndpoints: map[string]privateendpoint.PrivateEndpointSpecArgs{
				location: {Network: location, Subnet: "registry"},
			},
		},
		Identities: map[string]identity.IdentitySpecArgs{"pull": {}},
		Access: map[string]access.GrantSpecArgs{
			"pull": {Identity: "pull", Action: ptr(access.GrantActionPull)},
		},
	})
	if err != nil {
		return err
	}
	ctx.Export("endpoints", made.Endpoints)
	ctx.Export("ledger", made.Ledger)
	return nil
}

// What a component is like is plain, and optional fields are pointers.
func ptr[T any](value T) *T { return &value }
