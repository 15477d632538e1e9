// Command validate holds the JSON on standard input against a JSON Schema,
// the file that its only argument names, and says what does not fit.
package main

import (
	"fmt"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	if err := validate(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "%#v\n", err)
		os.Exit(1)
	}
}

func validate(path string) error {
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		return err
	}
	document, err := jsonschema.UnmarshalJSON(os.Stdin)
	if err != nil {
		return err
	}
	return schema.Validate(document)
}
