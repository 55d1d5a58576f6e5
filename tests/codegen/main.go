// Runs Pulumi's own SDK generators on a schema: codegen SCHEMA FOLDER LANGUAGE…
//
// The language hosts that `pulumi package gen-sdk` would start contain the same generators.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The name that the Python host writes into its files.
const tool = "pulumi-language-python"

// A loader that has nothing: the schema must not refer to another package.
type nothing struct{}

func (nothing) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", name)
}

func (nothing) LoadPackageV2(_ context.Context, wanted *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", wanted)
}

func main() {
	source, folder := os.Args[1], os.Args[2]
	content, err := os.ReadFile(source)
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(content, &spec))
	for _, language := range os.Args[3:] {
		// Each generator leaves marks in the package.
		pkg, diagnostics, err := schema.BindSpec(spec, nothing{}, schema.ValidationOptions{})
		check(err)
		if len(diagnostics) > 0 {
			log.Fatal(diagnostics)
		}
		// As `pulumi package add` generates them; the SDKs that Python programs install are not of this kind.
		pkg.SupportPack = pkg.SupportPack || language != "python"
		files, err := generate(language, pkg)
		check(err)
		for name, content := range files {
			path := filepath.Join(folder, language, name)
			check(os.MkdirAll(filepath.Dir(path), 0o755))
			check(os.WriteFile(path, content, 0o644))
		}
	}
}

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "python":
		return python.GeneratePackage(tool, pkg, nil, nil)
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, true, nil)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	}
	return nil, fmt.Errorf("no generator for %s", language)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
