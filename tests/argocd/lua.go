package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	jsonpatch "github.com/evanphx/json-patch"
	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/gitops-engine/pkg/health"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

// timeKey is the annotation that an action sets to the time of the day, which
// no fixture can foresee.
const timeKey = "talknotes.dev/requested-at"

func newLuaCommand() *cobra.Command {
	command := &cobra.Command{Use: "argocd-lua", SilenceUsage: true}
	command.AddCommand(&cobra.Command{
		Use:   "test ARGOCD_CM FOLDER",
		Short: "Judge the fixtures in FOLDER by the Lua of a ConfigMap, as Argo CD would",
		Args:  cobra.ExactArgs(2),
		RunE:  func(_ *cobra.Command, args []string) error { return testFixtures(args[0], args[1]) },
	}, &cobra.Command{
		Use:   "action ARGOCD_CM ACTION OBJECT",
		Short: "Print the merge patch that an action of the user interface sends for an object",
		Args:  cobra.ExactArgs(3),
		RunE:  func(_ *cobra.Command, args []string) error { return printAction(args[0], args[1], args[2]) },
	})
	return command
}

// vm returns the Lua machine as Argo CD sets it up from its settings.
func vm(configMap string) (lua.VM, error) {
	var settingsMap corev1.ConfigMap
	if err := read(configMap, &settingsMap); err != nil {
		return lua.VM{}, err
	}
	settingsMap.Namespace = "argocd"
	settingsMap.Labels = map[string]string{"app.kubernetes.io/part-of": "argocd"}
	client := fake.NewSimpleClientset(&settingsMap)
	overrides, err := settings.NewSettingsManager(context.Background(), client, "argocd").GetResourceOverrides()
	return lua.VM{ResourceOverrides: overrides}, err
}

func read(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func readObject(path string) (*unstructured.Unstructured, error) {
	object := map[string]any{}
	err := read(path, &object)
	return &unstructured.Unstructured{Object: object}, err
}

// The files' format is that of Argo CD's resource_customizations.
type healthTests struct {
	Tests []struct {
		InputPath    string              `json:"inputPath"`
		HealthStatus health.HealthStatus `json:"healthStatus"`
	} `json:"tests"`
}

type actionTests struct {
	DiscoveryTests []struct {
		InputPath string                    `json:"inputPath"`
		Result    []v1alpha1.ResourceAction `json:"result"`
	} `json:"discoveryTests"`
	ActionTests []struct {
		Action             string `json:"action"`
		InputPath          string `json:"inputPath"`
		ExpectedOutputPath string `json:"expectedOutputPath"`
	} `json:"actionTests"`
}

// judge counts and prints what holds and what does not. It compares JSON: what
// is read from files and what comes from Lua have numbers of different types.
type judge struct{ held, failed int }

func (j *judge) compare(what string, found, wanted any, err error) {
	switch {
	case err != nil:
		j.failed++
		fmt.Printf("FAILED %s: %v\n", what, err)
	case text(found) != text(wanted):
		j.failed++
		fmt.Printf("FAILED %s:\n  found  %s\n  wanted %s\n", what, text(found), text(wanted))
	default:
		j.held++
		fmt.Printf("ok     %s\n", what)
	}
}

func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

func testFixtures(configMap, folder string) error {
	machine, err := vm(configMap)
	if err != nil {
		return err
	}
	var judged judge
	err = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		switch filepath.Base(path) {
		case "health_test.yaml":
			return errors.Join(err, judged.health(machine, path))
		case "action_test.yaml":
			return errors.Join(err, judged.actions(machine, path))
		}
		return err
	})
	fmt.Printf("%d held, %d failed\n", judged.held, judged.failed)
	if err == nil && (judged.failed > 0 || judged.held == 0) {
		return errors.New("the Lua is not as the fixtures say")
	}
	return err
}

func (j *judge) health(machine lua.VM, path string) error {
	var tests healthTests
	if err := read(path, &tests); err != nil {
		return err
	}
	for _, test := range tests.Tests {
		input := filepath.Join(filepath.Dir(path), test.InputPath)
		found, err := healthOf(machine, input)
		j.compare(input, found, &test.HealthStatus, err)
	}
	return nil
}

func healthOf(machine lua.VM, path string) (*health.HealthStatus, error) {
	object, err := readObject(path)
	if err != nil {
		return nil, err
	}
	script, _, err := machine.GetHealthScript(object)
	if err != nil {
		return nil, err
	}
	return machine.ExecuteHealthLua(object, script)
}

func (j *judge) actions(machine lua.VM, path string) error {
	var tests actionTests
	if err := read(path, &tests); err != nil {
		return err
	}
	folder := filepath.Dir(path)
	for _, test := range tests.DiscoveryTests {
		input := filepath.Join(folder, test.InputPath)
		found, err := offered(machine, input)
		sortByName(test.Result)
		j.compare("actions of "+input, found, test.Result, err)
	}
	for _, test := range tests.ActionTests {
		input := filepath.Join(folder, test.InputPath)
		_, found, err := act(machine, test.Action, input)
		wanted, readErr := readObject(filepath.Join(folder, test.ExpectedOutputPath))
		for _, object := range []*unstructured.Unstructured{found, wanted} {
			hideTime(object)
		}
		j.compare(test.Action+" of "+input, found, wanted, errors.Join(err, readErr))
	}
	return nil
}

func offered(machine lua.VM, path string) ([]v1alpha1.ResourceAction, error) {
	object, err := readObject(path)
	if err != nil {
		return nil, err
	}
	scripts, err := machine.GetResourceActionDiscovery(object)
	if err != nil {
		return nil, err
	}
	actions, err := machine.ExecuteResourceActionDiscovery(object, scripts)
	sortByName(actions)
	return actions, err
}

func sortByName(actions []v1alpha1.ResourceAction) {
	slices.SortFunc(actions, func(a, b v1alpha1.ResourceAction) int { return strings.Compare(a.Name, b.Name) })
}

// act returns the object before and after an action.
func act(machine lua.VM, name, path string) (before, after *unstructured.Unstructured, err error) {
	before, err = readObject(path)
	if err != nil {
		return nil, nil, err
	}
	action, err := machine.GetResourceAction(before, name)
	if err != nil {
		return nil, nil, err
	}
	impacted, err := machine.ExecuteResourceAction(before, action.ActionLua, nil)
	if err != nil {
		return nil, nil, err
	}
	if len(impacted) != 1 || impacted[0].K8SOperation != lua.PatchOperation {
		return nil, nil, fmt.Errorf("%s does not patch exactly one object", name)
	}
	return before, impacted[0].UnstructuredObj, nil
}

func hideTime(object *unstructured.Unstructured) {
	if object == nil {
		return
	}
	annotations := object.GetAnnotations()
	if _, set := annotations[timeKey]; set {
		annotations[timeKey] = "(a time)"
		object.SetAnnotations(annotations)
	}
}

func printAction(configMap, action, path string) error {
	machine, err := vm(configMap)
	if err != nil {
		return err
	}
	before, after, err := act(machine, action, path)
	if err != nil {
		return err
	}
	patch, err := jsonpatch.CreateMergePatch([]byte(text(before.Object)), []byte(text(after.Object)))
	fmt.Println(string(patch))
	return err
}
