import * as pulumi from "@pulumi/pulumi";
import * as moorings from "pulumi-moorings";

const addressSpace = ["10.0.0.0/16"];
const regions = ["westeurope", "northeurope"];

// The ranges of subnets are plain values, which the function computes before anything is registered.
export = async () => {
    const [location, replica] = regions;
    const place = { location, resourceGroupName: new pulumi.Config().require("resourceGroup") };
    const { ranges } = await moorings.planning.getSubnetRanges({ addressSpace, subnets: ["/27", "/24"] });

    const network = new moorings.network.Network("network", {
        ...place,
        networkName: "vnet-contoso",
        addressSpace,
        subnets: {
            registry: { prefix: ranges[0], purpose: moorings.network.SubnetPurpose.PrivateEndpoints },
            apps: { prefix: ranges[1], delegation: moorings.network.SubnetDelegation.MicrosoftAppEnvironments },
        },
    });

    const zone = new moorings.dns.Zone("zone", {
        resourceGroupName: place.resourceGroupName,
        zoneName: "privatelink.azurecr.io",
        networks: { contoso: network.networkId },
    });

    const registry = new moorings.registry.Registry("registry", {
        ...place,
        name: "contosotypescript",
        replicas: { [replica]: { globalRouting: false } },
        regionalEndpoints: true,
        protect: false, // so that pulumi destroy deletes it
    });

    const endpoint = new moorings.privateendpoint.PrivateEndpoint("endpoint", {
        ...place,
        endpointName: "pe-contosotypescript",
        regions,
        regionalEndpoints: true,
        registryId: registry.registryId,
        subnetId: network.subnetIds.apply((ids) => ids["registry"]),
        zoneIds: { registry: zone.zoneId },
    });

    return { host: registry.loginServer, addresses: endpoint.addresses };
};
