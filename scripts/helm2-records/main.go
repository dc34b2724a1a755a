// Writes Helm 2's records of a release as JSON, one ConfigMap a line, by Helm 2's own code: `go run . > FIXTURE`.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/golang/protobuf/ptypes/any"
	"github.com/golang/protobuf/ptypes/timestamp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/helm/pkg/proto/hapi/chart"
	"k8s.io/helm/pkg/proto/hapi/release"
	"k8s.io/helm/pkg/storage/driver"
)

const template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: old-settings\n  labels: {heritage: Tiller, release: old}\ndata:\n  color: {{ .Values.color }}\n"

func settings(color string) string {
	return "\n---\n# Source: old/templates/settings.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: old-settings\n  labels: {heritage: Tiller, release: old}\ndata:\n  color: " + color + "\n"
}

const gone = "---\n# Source: old/templates/extra.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: old-extra\ndata: {}\n"

const hook = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: old-hook\n  annotations:\n    helm.sh/hook: post-upgrade\ndata: {}\n"

func revision(number int32, code release.Status_Code, config, manifest, description string) *release.Release {
	first := &timestamp.Timestamp{Seconds: 1490306260, Nanos: 123456789}
	info := &release.Info{
		Status:        &release.Status{Code: code, Resources: "ConfigMap old-settings", Notes: "It is " + config},
		FirstDeployed: first,
		LastDeployed:  &timestamp.Timestamp{Seconds: first.Seconds + int64(number)*60},
		Description:   description,
	}
	if code == release.Status_DELETED {
		info.Deleted = &timestamp.Timestamp{Seconds: first.Seconds + 9999}
	}
	if number == 2 {
		started := &timestamp.Timestamp{Seconds: first.Seconds + 200}
		info.Status.LastTestSuiteRun = &release.TestSuite{Results: []*release.TestRun{
			{Name: "old-hook", Status: release.TestRun_SUCCESS, StartedAt: started, CompletedAt: started},
		}}
	}
	return &release.Release{
		Name:      "old",
		Namespace: "legacy",
		Version:   number,
		Info:      info,
		Config:    &chart.Config{Raw: config},
		Manifest:  manifest,
		Hooks: []*release.Hook{{
			Name: "old-hook", Kind: "ConfigMap", Path: "old/templates/hook.yaml", Manifest: hook, Weight: -5,
			Events:         []release.Hook_Event{release.Hook_POST_UPGRADE, release.Hook_RELEASE_TEST_SUCCESS},
			DeletePolicies: []release.Hook_DeletePolicy{release.Hook_SUCCEEDED, release.Hook_BEFORE_HOOK_CREATION},
			DeleteTimeout:  300,
		}},
		Chart: &chart.Chart{
			Metadata: &chart.Metadata{
				Name: "old", Version: "0.4.3", AppVersion: "4.7", ApiVersion: "v1", Description: "An old chart",
				Keywords: []string{"a", "b"}, Engine: "gotpl", TillerVersion: ">=2.0.0", Deprecated: true,
				Maintainers: []*chart.Maintainer{{Name: "Ann", Email: "ann@example.com", Url: "https://example.com"}},
				Annotations: map[string]string{"b": "2", "a": "1"},
			},
			Templates:    []*chart.Template{{Name: "templates/settings.yaml", Data: []byte(template)}},
			Values:       &chart.Config{Raw: "color: red\nsizes: [1, 2.5]\n", Values: map[string]*chart.Value{"color": {Value: "red"}}},
			Files:        []*any.Any{{TypeUrl: "README.md", Value: []byte("# Old\n")}},
			Dependencies: []*chart.Chart{{Metadata: &chart.Metadata{Name: "sub", Version: "1.0.0"}}},
		},
	}
}

func main() {
	configMaps := fake.NewSimpleClientset().CoreV1().ConfigMaps("kube-system")
	records := driver.NewConfigMaps(configMaps)
	for _, one := range []*release.Release{
		revision(1, release.Status_SUPERSEDED, "color: blue\n", settings("blue")+gone, "Install complete"),
		revision(2, release.Status_FAILED, "color: broken\n", settings("broken"), "Upgrade \"old\" failed: timed out"),
		revision(3, release.Status_DEPLOYED, "color: green\nn: 9007199254740993\n", settings("green"), "Upgrade complete"),
	} {
		if err := records.Create(one.Name+".v"+string('0'+rune(one.Version)), one); err != nil {
			log.Fatal(err)
		}
	}
	list, err := configMaps.List(metav1.ListOptions{LabelSelector: "OWNER=TILLER"})
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range list.Items {
		item.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}
		if err := json.NewEncoder(os.Stdout).Encode(item); err != nil {
			log.Fatal(err)
		}
	}
}
