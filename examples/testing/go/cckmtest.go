// Package cckmtest gives each Go test a domain of an emulator of CipherTrust Manager. Copy this file into your module.
//
//	func TestEnablesKeys(t *testing.T) {
//		cckm := cckmtest.New(t, cckmtest.Options{"scenario": "partial-failure"})
//		failed, err := EnableKeys(cckm.URL, cckm.Username, cckm.Password)
//		...
//	}
//
// Run it with an emulator: cckm-emulator exec -- go test ./...
package cckmtest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Options is the body of PUT /__admin/domains/NAME: clock, scenario, settings, seed. "failOn" says what fails a test
// whose assertions all pass; by default 5xx, 501 and unused.
type Options map[string]any

// Object is a JSON object.
type Object map[string]any

// Cckm is the emulator as one test uses it.
type Cckm struct {
	// The address, http://127.0.0.1:43211.
	URL string
	// For a client that signs in. The user name says which domain: admin@NAME.
	Username, Password string
	// A token of the domain, valid for 12 hours.
	Token string

	t       testing.TB
	name    string
	allowed []any
}

// New creates a domain for a test. At the end of the test it reports what the assertions did not see, and removes it.
func New(t testing.TB, options ...Options) *Cckm {
	t.Helper()
	address := os.Getenv("CCKM_EMULATOR_URL")
	if address == "" {
		t.Fatal("CCKM_EMULATOR_URL is not set: run the tests with cckm-emulator exec -- go test ./...")
	}
	// The same seed in each run of the test, so that each run makes the same random choices.
	digest := sha256.Sum256([]byte(t.Name()))
	body := Options{"clock": "step@2026-01-01T00:00:00Z"}
	settings := Object{"randomSeed": binary.BigEndian.Uint32(digest[:4])}
	var failOn any
	for _, each := range options {
		for key, value := range each {
			switch key {
			case "failOn":
				failOn = value
			case "settings":
				settings = merged(settings, value)
			default:
				body[key] = value
			}
		}
	}
	body["settings"] = settings
	cckm := &Cckm{URL: address, t: t, name: fmt.Sprintf("%s-%x", runID, digest[:8])}
	access := cckm.Call("PUT", "", body)
	cckm.Username, cckm.Password = access["username"].(string), access["password"].(string)
	cckm.Token = cckm.Call("POST", "/tokens", Object{"ttl": "12h"})["jwt"].(string)
	t.Cleanup(func() { cckm.end(failOn) })
	return cckm
}

// Call calls the control API of the domain: Call("GET", "/requests?operation=azure.*", nil). A refusal fails the test.
func (cckm *Cckm) Call(method, path string, body any) Object {
	cckm.t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		cckm.t.Fatal(err)
	}
	if body == nil {
		content = nil
	}
	target := cckm.URL + "/__admin/domains/" + url.PathEscape(cckm.name) + path
	request, err := http.NewRequest(method, target, bytes.NewReader(content))
	if err != nil {
		cckm.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token := os.Getenv("CCKM_EMULATOR_ADMIN_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		cckm.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		cckm.t.Fatal(err)
	}
	if response.StatusCode >= 400 {
		cckm.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	answer := Object{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			cckm.t.Fatal(err)
		}
	}
	return answer
}

// Advance advances the clock by a duration: Advance("11m").
func (cckm *Cckm) Advance(by string) {
	cckm.t.Helper()
	cckm.Call("POST", "/clock/advance", Object{"by": by})
}

// NextJob sets the scenario of the next job that the client creates.
func (cckm *Cckm) NextJob(scenario any) {
	cckm.t.Helper()
	cckm.Call("POST", "/rules", Object{"scenario": scenario})
}

// Fault makes later calls fail: Fault(Object{"operation": "azure.*"}, Object{"respond": Object{"status": 503}}).
func (cckm *Cckm) Fault(on, do Object) {
	cckm.t.Helper()
	cckm.Call("POST", "/faults", Object{"on": on, "do": do})
}

// Requests counts the requests of the client to an operation, such as "azure.bulkjobs.get".
func (cckm *Cckm) Requests(operation string) int {
	cckm.t.Helper()
	answer := cckm.Call("GET", "/requests/count?operation="+url.QueryEscape(operation), nil)
	return int(answer["count"].(float64))
}

// Allow exempts kinds of failure ("501"), or requests (Object{"status": 404}), from failing the test.
func (cckm *Cckm) Allow(allowed ...any) {
	cckm.allowed = append(cckm.allowed, allowed...)
}

// merged adds the members of an object: an Object, or a map of another type.
func merged(settings Object, more any) Object {
	text, _ := json.Marshal(more)
	_ = json.Unmarshal(text, &settings)
	return settings
}

func (cckm *Cckm) end(failOn any) {
	hasFailed := cckm.t.Failed()
	body := Object{"hasFailed": hasFailed, "title": cckm.t.Name(), "allow": append([]any{}, cckm.allowed...)}
	if failOn != nil {
		body["failOn"] = failOn
	}
	answer := cckm.Call("POST", "/end?trace=problems", body)
	text := fmt.Sprint(answer["text"])
	if trace, isText := answer["trace"].(string); isText {
		file := filepath.Join(".cckm-emulator", notOfNames.ReplaceAllString(cckm.t.Name(), "-")+".html")
		if os.MkdirAll(".cckm-emulator", 0o755) == nil && os.WriteFile(file, []byte(trace), 0o644) == nil {
			text += "\ntrace: " + file
		}
	}
	if hasFailed {
		cckm.t.Log(text)
	} else if answer["ok"] != true {
		cckm.t.Error(text)
	}
}

var notOfNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// Differs for each test binary: packages that run at once, and runs that share an emulator, have tests of the same name.
var runID = func() string {
	random := make([]byte, 5)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s%x", os.Getenv("CCKM_EMULATOR_RUN_ID"), random)
}()
