package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
}

// Run runs the program of this folder, as the language server of Pulumi's Automation API runs one.
func (host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	run, err := pulumi.NewContext(ctx, pulumi.RunInfo{
		EngineAddr:       request.Args[0],
		MonitorAddr:      request.GetMonitorAddress(),
		Config:           request.GetConfig(),
		ConfigSecretKeys: request.GetConfigSecretKeys(),
		Project:          request.GetProject(),
		Stack:            request.GetStack(),
		Parallel:         request.GetParallel(),
		DryRun:           request.GetDryRun(),
		Organization:     request.GetOrganization(),
	})
	if err != nil {
		return nil, err
	}
	defer run.Close()
	if err := pulumi.RunWithContext(run, program); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

// TestServe serves the program to `pulumi up --client` until the process is ended, and prints its port.
func TestServe(t *testing.T) {
	served, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host{})
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(served.Port)
	t.Fatal(<-served.Done)
}
