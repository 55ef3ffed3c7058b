package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
)

const (
	callTimeout = 30 * time.Second
	maxBody     = 8 << 20
)

func newClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: 16,
			// Well below the server's own limit: a connection that the server closes
			// while a message is written to it leaves the message uncertain.
			IdleConnTimeout: 20 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// call calls a method once and decodes its result, unless result is nil. It
// is given up after callTimeout.
func (p *Platform) call(ctx context.Context, method string, params tgbotapi.Params, result any) *bot.SendError {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return p.callFor(ctx, method, params, result)
}

// callFor is call with no limit but ctx's.
func (p *Platform) callFor(ctx context.Context, method string, params tgbotapi.Params, result any) *bot.SendError {
	return p.do(ctx, method, result, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.MakeRequest(method, params)
	})
}

// upload is call with a file beside the parameters, under the name "photo".
func (p *Platform) upload(ctx context.Context, method string, params tgbotapi.Params, file []byte, result any) *bot.SendError {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return p.do(ctx, method, result, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.UploadFiles(method, params, []tgbotapi.RequestFile{{Name: "photo", Data: tgbotapi.FileBytes{Name: "picture", Bytes: file}}})
	})
}

// do lets the library make a request, and says what its failure means.
func (p *Platform) do(ctx context.Context, method string, result any, request func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error)) *bot.SendError {
	d := &doer{ctx: ctx, client: p.client}
	api := tgbotapi.BotAPI{Token: string(p.config.Token), Client: d}
	api.SetAPIEndpoint(strings.ReplaceAll(p.config.APIURL, "%", "%%") + "/bot%s/%s")
	response, err := request(&api)
	if answer := (*tgbotapi.Error)(nil); errors.As(err, &answer) && answer.Code == 0 {
		answer.Code = response.ErrorCode // which the library loses of an upload
	}
	if err == nil && result != nil {
		if err = json.Unmarshal(response.Result, result); err != nil {
			err = errUnreadable
		}
	}
	if err == nil {
		return nil
	}
	failed := classify(err, d.written.Load())
	failed.Method = method
	failed.Why = strings.ReplaceAll(failed.Why, string(p.config.Token), "[redacted]")
	return failed
}

// doer gives the library's requests a context, and keeps what the library
// would hide: whether the request was written, and answers that are not the
// Bot API's.
type doer struct {
	ctx     context.Context // of the one call that the doer is made for
	client  *http.Client
	written atomic.Bool
}

// Do implements tgbotapi.HTTPClient.
func (d *doer) Do(request *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		// The transport tries again on a new connection only when nothing was
		// written to the old one.
		GetConn:      func(string) { d.written.Store(false) },
		WroteHeaders: func() { d.written.Store(true) },
	}
	request.Header.Set("User-Agent", "tidings")
	if err := buffer(request); err != nil {
		return nil, err
	}
	response, err := d.client.Do(request.WithContext(httptrace.WithClientTrace(d.ctx, trace)))
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err // the rest of it is the URL, and in it the token
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return nil, statusError(response.StatusCode)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// buffer takes an upload, which the library writes piece by piece, into memory,
// so that the transport can write it again to a new connection.
func buffer(request *http.Request) error {
	if request.Body == nil || request.GetBody != nil {
		return nil
	}
	body, err := io.ReadAll(request.Body)
	request.ContentLength = int64(len(body))
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	request.Body, _ = request.GetBody() // it never fails
	return err
}

// statusError is an answer that is not the Bot API's: a proxy's or a load
// balancer's page.
type statusError int

// Error implements error.
func (e statusError) Error() string { return fmt.Sprintf("status %d without an answer", int(e)) }
