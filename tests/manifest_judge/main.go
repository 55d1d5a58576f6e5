// Command judge validates a folder for kustomize as the API server of Kubernetes would, without a cluster.
//
//	judge FOLDER CRDS...
//
// It builds FOLDER with kustomize and validates each resource. CRDS are custom resource definitions, or folders of them: a resource
// of such a kind is validated by the code that the API server has for custom resources (structural schema, unknown fields, defaults,
// list types, validation rules in CEL). A resource of the groups core and rbac is decoded strictly into its type. Of any other kind,
// the result says that nothing validated it. It prints one JSON object: the resources in the order of the build, and the problems.
// Exit code 0 says that it ran, not that there are no problems.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

type resource struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	// JudgedBy is the custom resource definition, "kubernetes" for its own types, or empty.
	JudgedBy string `json:"judgedBy"`
}

type report struct {
	Resources []resource `json:"resources"`
	Problems  []string   `json:"problems"`
}

// definition is what the API server knows of one version of a custom resource.
type definition struct {
	name       string
	namespaced bool
	structural *schema.Structural
	validator  validation.SchemaValidator
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: judge FOLDER CRDS...")
		os.Exit(2)
	}
	found, err := judge(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(found); err != nil {
		panic(err)
	}
}

func judge(folder string, places []string) (*report, error) {
	types := runtime.NewScheme()
	if err := errors.Join(corev1.AddToScheme(types), rbacv1.AddToScheme(types)); err != nil {
		return nil, err
	}
	definitions := map[string]definition{}
	for _, place := range places {
		if err := read(place, definitions); err != nil {
			return nil, err
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, err
	}
	result := &report{Resources: []resource{}, Problems: []string{}}
	for _, each := range built.Resources() {
		text, err := each.AsYAML()
		if err != nil {
			return nil, err
		}
		// YAML as the API server reads it: a key given twice is an error.
		data, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			return nil, err
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(data); err != nil {
			return nil, err
		}
		var judgedBy string
		var problems []string
		if known, ok := definitions[key(object.GetAPIVersion(), object.GetKind())]; ok {
			judgedBy, problems = known.name, known.problems(object)
		} else if types.Recognizes(object.GroupVersionKind()) {
			judgedBy, problems = "kubernetes", strict(data, types)
		}
		result.Resources = append(result.Resources, resource{object.GetKind(), object.GetNamespace(), object.GetName(), judgedBy})
		for _, problem := range problems {
			result.Problems = append(result.Problems, object.GetKind()+" "+object.GetName()+": "+problem)
		}
	}
	return result, nil
}

func key(apiVersion, kind string) string { return apiVersion + " " + kind }

// read adds the custom resource definitions of a file, or of the YAML files in a folder.
func read(place string, definitions map[string]definition) error {
	return filepath.WalkDir(place, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		crd := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(text, crd); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, version := range crd.Spec.Versions {
			if version.Schema == nil || !version.Served {
				continue
			}
			known, err := compiled(crd, version)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			definitions[key(crd.Spec.Group+"/"+version.Name, crd.Spec.Names.Kind)] = known
		}
		return nil
	})
}

func compiled(crd *apiextensionsv1.CustomResourceDefinition, version apiextensionsv1.CustomResourceDefinitionVersion) (definition, error) {
	internal := &apiextensions.CustomResourceValidation{}
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, internal, nil); err != nil {
		return definition{}, err
	}
	structural, err := schema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return definition{}, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return definition{}, err
	}
	return definition{crd.Name + "/" + version.Name, crd.Spec.Scope == apiextensionsv1.NamespaceScoped, structural, validator}, nil
}

// problems validates a custom resource in the order of the API server: unknown fields, defaults, then all rules.
func (known definition) problems(object *unstructured.Unstructured) []string {
	content := object.UnstructuredContent()
	var found []string
	unknown := pruning.PruneWithOptions(content, known.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	sort.Strings(unknown)
	for _, path := range unknown {
		found = append(found, fmt.Sprintf("unknown field %q", path))
	}
	defaulting.Default(content, known.structural)
	errs := metadata(object, known.namespaced)
	errs = append(errs, validation.ValidateCustomResource(nil, content, known.validator)...)
	errs = append(errs, objectmeta.Validate(nil, content, known.structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, known.structural, content)...)
	if rules := cel.NewValidator(known.structural, true, celconfig.PerCallLimit); rules != nil {
		broken, _ := rules.Validate(context.Background(), nil, known.structural, content, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	for _, err := range errs {
		found = append(found, err.Error())
	}
	return found
}

func metadata(object metav1.Object, namespaced bool) field.ErrorList {
	path := field.NewPath("metadata")
	errs := apivalidation.ValidateObjectMetaAccessor(object, namespaced, apivalidation.NameIsDNSSubdomain, path)
	return append(errs, metav1validation.ValidateLabels(object.GetLabels(), path.Child("labels"))...)
}

// strict decodes a resource into its type; unknown and repeated fields are problems.
func strict(data []byte, types *runtime.Scheme) []string {
	decoder := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, types, types, kjson.SerializerOptions{Strict: true})
	_, _, err := decoder.Decode(data, nil, nil)
	if err == nil {
		return nil
	}
	var all interface{ Errors() []error }
	if !errors.As(err, &all) {
		return []string{err.Error()}
	}
	var found []string
	for _, each := range all.Errors() {
		found = append(found, each.Error())
	}
	return found
}
