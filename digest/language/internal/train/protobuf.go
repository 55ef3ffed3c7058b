package main

import (
	"encoding/binary"
	"errors"
	"math"
)

var errModel = errors.New("not a language model")

// sequences reads a SerializableLanguageModel: field 4 holds sets, each a
// probability (1, double) and its sequences (2, string).
func sequences(raw []byte, yield func(sequence string, probability float64)) error {
	return fields(raw, func(number int, set []byte, _ uint64) error {
		if number != 4 {
			return nil
		}
		var probability float64
		return fields(set, func(number int, text []byte, bits uint64) error {
			switch number {
			case 1:
				probability = math.Float64frombits(bits)
			case 2:
				yield(string(text), probability)
			}
			return nil
		})
	})
}

// fields reads the fields of one protocol buffer message.
func fields(raw []byte, yield func(number int, content []byte, value uint64) error) error {
	for len(raw) > 0 {
		tag, n := binary.Uvarint(raw)
		if n <= 0 {
			return errModel
		}
		raw = raw[n:]
		var content []byte
		var value uint64
		switch tag & 7 {
		case 0:
			if value, n = binary.Uvarint(raw); n <= 0 {
				return errModel
			}
			raw = raw[n:]
		case 1:
			if len(raw) < 8 {
				return errModel
			}
			value, raw = binary.LittleEndian.Uint64(raw), raw[8:]
		case 2:
			size, n := binary.Uvarint(raw)
			if n <= 0 || size > uint64(len(raw)-n) {
				return errModel
			}
			content, raw = raw[n:n+int(size)], raw[n+int(size):]
		default:
			return errModel
		}
		if err := yield(int(tag>>3), content, value); err != nil {
			return err
		}
	}
	return nil
}
