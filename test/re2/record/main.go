// Records what Go's regexp makes of the questions in ../go-answers.jsonl: `go run main.go < ../go-answers.jsonl`.
// Texts and templates are bytes, one character each.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
)

type row struct {
	Pattern string `json:"pattern"`
	Text    string `json:"text"`
	// Replacement of every match.
	Template string `json:"template"`
	Refused  string `json:"refused,omitempty"`
	Found    []int  `json:"found"`
	Whole    bool   `json:"whole"`
	Replaced string `json:"replaced"`
}

func bytesOf(text string) string {
	var bytes []byte
	for _, char := range text {
		bytes = append(bytes, byte(char))
	}
	return string(bytes)
}

func charsOf(bytes string) string {
	var chars []rune
	for i := 0; i < len(bytes); i++ {
		chars = append(chars, rune(bytes[i]))
	}
	return string(chars)
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		var question row
		if in.Decode(&question) != nil {
			return
		}
		answer := row{Pattern: question.Pattern, Text: question.Text, Template: question.Template}
		if expression, err := regexp.Compile(answer.Pattern); err != nil {
			answer.Refused = err.Error()
		} else {
			text := bytesOf(answer.Text)
			answer.Found = expression.FindStringSubmatchIndex(text)
			answer.Whole = regexp.MustCompile(`\A(?:` + answer.Pattern + `)\z`).MatchString(text)
			answer.Replaced = charsOf(expression.ReplaceAllString(text, answer.Template))
		}
		out.Encode(answer)
	}
}
