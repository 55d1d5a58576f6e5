// A registry with a replica, and a private endpoint of it, in a resource group that exists.
package main

import (
	"example.com/pulumi-moorings/sdk/go/moorings/network"
	"example.com/pulumi-moorings/sdk/go/moorings/privateendpoint"
	"example.com/pulumi-moorings/sdk/go/moorings/registry"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

const (
	location = "westeurope"
	replica  = "northeurope"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	group := pulumi.String(config.Require(ctx, "resourceGroup"))

	net, err := network.NewNetwork(ctx, "network", &network.NetworkArgs{
		NetworkName:       "vnet-contoso",
		Location:          location,
		ResourceGroupName: group,
		AddressSpace:      []string{"10.0.0.0/16"},
		Subnets: map[string]network.SubnetSpecArgs{
			"registry": {Prefix: ptr("10.0.0.0/27"), Purpose: ptr(network.SubnetPurposePrivateEndpoints)},
		},
	})
	if err != nil {
		return err
	}

	reg, err := registry.NewRegistry(ctx, "registry", &registry.RegistryArgs{
		Name:              "contosogo",
		Location:          location,
		ResourceGroupName: group,
		Replicas:          map[string]registry.ReplicaSpecArgs{replica: {GlobalRouting: ptr(false)}},
		RegionalEndpoints: ptr(true),
		Protect:           ptr(false), // so that pulumi destroy deletes it
	})
	if err != nil {
		return err
	}

	endpoint, err := privateendpoint.NewPrivateEndpoint(ctx, "endpoint", &privateendpoint.PrivateEndpointArgs{
		EndpointName:      "pe-contosogo",
		Location:          location,
		ResourceGroupName: group,
		Regions:           []string{location, replica},
		RegionalEndpoints: ptr(true),
		RegistryId:        reg.RegistryId,
		SubnetId:          net.SubnetIds.MapIndex(pulumi.String("registry")),
	})
	if err != nil {
		return err
	}

	ctx.Export("host", reg.LoginServer)
	ctx.Export("addresses", endpoint.Addresses)
	return nil
}

// What a component is like is plain, and optional fields are pointers.
func ptr[T any](value T) *T { return &value }
