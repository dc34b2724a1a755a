// Reads one case per line and writes what Kubernetes' own code makes of it: the three-way patch, and the live object
// after that patch.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
)

type patchCase struct {
	ApiVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	States     struct {
		Original json.RawMessage `json:"original"`
		Modified json.RawMessage `json:"modified"`
		Live     json.RawMessage `json:"live"`
	} `json:"states"`
}

type result struct {
	Patch   json.RawMessage `json:"patch"`
	Applied json.RawMessage `json:"applied"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for lines.Scan() {
		var c patchCase
		check(json.Unmarshal(lines.Bytes(), &c))
		out, err := json.Marshal(compute(c))
		check(err)
		fmt.Println(string(out))
	}
}

func compute(c patchCase) result {
	s := c.States
	version, err := schema.ParseGroupVersion(c.ApiVersion)
	check(err)
	object, err := scheme.Scheme.New(version.WithKind(c.Kind))
	if err != nil {
		patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(s.Original, s.Modified, s.Live)
		check(err)
		applied, err := jsonpatch.MergePatch(s.Live, patch)
		check(err)
		return result{patch, applied}
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(object)
	check(err)
	patch, err := strategicpatch.CreateThreeWayMergePatch(s.Original, s.Modified, s.Live, meta, true)
	check(err)
	applied, err := strategicpatch.StrategicMergePatchUsingLookupPatchMeta(s.Live, patch, meta)
	check(err)
	return result{patch, applied}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
