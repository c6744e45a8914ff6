<?php
// php unit.php PLUGIN-FOLDER: the companion plugin's decisions, with a WordPress of a few lines. No PHPUnit needed.
// Prints a line for each test that fails, and "N passed, N failed" at the end; exit code 1 where one failed.

namespace {
    error_reporting(E_ALL);
    set_error_handler(function ($level, $message, $file, $line) {
        throw new ErrorException($message, 0, $level, $file, $line);
    });
    define('ABSPATH', '/');

    class WP_Post
    {
        public $ID = 7;
        public $post_status = 'publish';
        public $post_type = 'post';

        public function __construct(array $given = [])
        {
            foreach ($given as $name => $value) {
                $this->$name = $value;
            }
        }
    }

    class WP_Error
    {
        public $message;
        public $data;

        public function __construct($code, $message, $data = null)
        {
            $this->message = $message;
            $this->data = $data;
        }

        public function get_error_message()
        {
            return $this->message;
        }
    }

    class WP_REST_Response
    {
        public function __construct($data, $status)
        {
        }
    }

    class WP_REST_Request implements ArrayAccess
    {
        public $query;
        public $json;

        public function __construct(array $json, array $query = [])
        {
            $this->json = $json;
            $this->query = $query;
        }

        public function get_body_params()
        {
            return [];
        }

        public function get_json_params()
        {
            return $this->json;
        }

        public function get_query_params()
        {
            return $this->query;
        }

        public function offsetExists($key): bool
        {
            return isset($this->json[$key]);
        }

        #[ReturnTypeWillChange]
        public function offsetGet($key)
        {
            return isset($this->json[$key]) ? $this->json[$key] : null;
        }

        public function offsetSet($key, $value): void
        {
        }

        public function offsetUnset($key): void
        {
        }
    }

    // What a test sets and what it looks at.
    $world = [];

    function fresh_world()
    {
        global $world;
        $world = ['options' => [], 'meta' => [], 'scheduled' => [], 'actions' => [], 'sent' => [],
            'answer' => ['code' => 202], 'may' => true, 'status' => 'publish', 'site' => 1];
        $GLOBALS['world']['options'] = [
            'howdah_hook_url' => 'https://howdah.example.org/hooks/wordpress/gazette',
            'howdah_hook_secret' => 'whsec_' . base64_encode(str_repeat('k', 24)),
        ];
    }

    function add_action($hook, $callback, $priority = 10, $arguments = 1)
    {
        $GLOBALS['world']['actions'][$hook][] = $callback;
    }

    function add_filter($hook, $callback, $priority = 10, $arguments = 1)
    {
        add_action($hook, $callback, $priority, $arguments);
    }

    function apply_filters($hook, $value)
    {
        return $value;
    }

    function get_post_types($which)
    {
        return ['post' => 'post', 'page' => 'page', 'attachment' => 'attachment'];
    }

    function get_option($name, $default = false)
    {
        return isset($GLOBALS['world']['options'][$name]) ? $GLOBALS['world']['options'][$name] : $default;
    }

    function update_option($name, $value, $autoload = null)
    {
        $GLOBALS['world']['options'][$name] = $value;
    }

    function get_post_meta($id, $key, $single)
    {
        return isset($GLOBALS['world']['meta'][$key]) ? $GLOBALS['world']['meta'][$key] : '';
    }

    function update_post_meta($id, $key, $value)
    {
        $GLOBALS['world']['meta'][$key] = stripslashes($value);
    }

    function delete_post_meta($id, $key)
    {
        unset($GLOBALS['world']['meta'][$key]);
    }

    function current_user_can($what, $id = 0)
    {
        return $GLOBALS['world']['may'];
    }

    function get_current_blog_id()
    {
        return $GLOBALS['world']['site'];
    }

    function switch_to_blog($site)
    {
        $GLOBALS['world']['before'] = $GLOBALS['world']['site'];
        $GLOBALS['world']['site'] = $site;
        return true;
    }

    function restore_current_blog()
    {
        $GLOBALS['world']['site'] = $GLOBALS['world']['before'];
    }

    function get_post_status($id)
    {
        return $GLOBALS['world']['status'];
    }

    function wp_schedule_single_event($at, $hook, $arguments)
    {
        $GLOBALS['world']['scheduled'][] = [$at - time(), $arguments[2]];
    }

    function wp_clear_scheduled_hook($hook, $arguments)
    {
        array_pop($GLOBALS['world']['scheduled']);
    }

    function wp_remote_post($url, $request)
    {
        $GLOBALS['world']['sent'][] = ['url' => $url, 'site' => $GLOBALS['world']['site']] + $request;
        return $GLOBALS['world']['answer'];
    }

    function wp_remote_retrieve_response_code($answer)
    {
        return $answer['code'];
    }

    function is_wp_error($value)
    {
        return $value instanceof WP_Error;
    }

    function wp_generate_uuid4()
    {
        static $count = 0;
        $count += 1;
        return sprintf('%08d-0000-4000-8000-000000000000', $count);
    }

    function wp_parse_url($url, $part)
    {
        return parse_url($url, $part);
    }

    function esc_url_raw($url, $schemes)
    {
        return preg_match('/[\s<>"]/', $url) ? '' : $url;
    }

    function sanitize_text_field($text)
    {
        return trim(preg_replace('/\s+/', ' ', strip_tags($text)));
    }

    function wp_json_encode($value)
    {
        return json_encode($value);
    }

    function wp_slash($text)
    {
        return addslashes($text);
    }

    function rest_authorization_required_code()
    {
        return 403;
    }

    function wp_is_post_revision($id)
    {
        return false;
    }

    function wp_doing_cron()
    {
        return false;
    }

    function home_url($path)
    {
        return 'https://example.org' . $path;
    }

    function add_settings_error($page, $code, $message)
    {
    }

    function __($text, $domain)
    {
        return $text;
    }
}

namespace Howdah {
    foreach (['settings', 'field', 'notice', 'again', 'settings-page'] as $part) {
        require $argv[1] . "/includes/$part.php";
    }
    const VERSION = '1.0.0';

    function same($expected, $actual)
    {
        if ($expected !== $actual) {
            throw new \Exception('expected ' . json_encode($expected) . ', got ' . json_encode($actual));
        }
    }

    function end_request()
    {
        foreach (isset($GLOBALS['world']['actions']['shutdown']) ? $GLOBALS['world']['actions']['shutdown'] : [] as $do) {
            $do();
        }
    }

    $tests = [
        'a body is signed as the example of Standard Webhooks is' => function () {
            $headers = signed_headers(
                '{"test": 2432232314}',
                'msg_p5jXN8AQM9LWM0D4loKWxJek',
                1614265330,
                key_of('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
            );
            same('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $headers['webhook-signature']);
            same('1614265330', $headers['webhook-timestamp']);
        },
        'a secret that is none has no bytes' => function () {
            same('', key_of('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'));
            same('', key_of('whsec_!!!'));
            same('', key_of(''));
        },
        'an address that is none leaves the one that is set, and so does a field that was disabled' => function () {
            $set = $GLOBALS['world']['options']['howdah_hook_url'];
            same([$set, $set], [checked_url('javascript:alert(1)'), checked_url(null)]);
            same(['https://a.example/h', ''], [checked_url(' https://a.example/h '), checked_url('')]);
        },
        'a new public post is announced once, at the end of the request' => function () {
            after_insert(11, new \WP_Post(['ID' => 11]), false, null);
            after_insert(11, new \WP_Post(['ID' => 11]), false, null);
            same([], $GLOBALS['world']['sent']);
            same([[60, 1]], $GLOBALS['world']['scheduled']);
            end_request();
            same(1, count($GLOBALS['world']['sent']));
            same('{"post_id":11}', $GLOBALS['world']['sent'][0]['body']);
            same(0, $GLOBALS['world']['sent'][0]['redirection']);
            same([], $GLOBALS['world']['scheduled']);
        },
        'a draft that is published is announced' => function () {
            after_insert(12, new \WP_Post(['ID' => 12]), true, new \WP_Post(['post_status' => 'draft']));
            end_request();
            same(1, count($GLOBALS['world']['sent']));
        },
        'a post that was public already is not announced' => function () {
            after_insert(13, new \WP_Post(['ID' => 13]), true, new \WP_Post());
            same([], $GLOBALS['world']['actions']);
        },
        'drafts, and types that readers do not see, are not announced' => function () {
            after_insert(14, new \WP_Post(['post_status' => 'future']), false, null);
            after_insert(15, new \WP_Post(['post_type' => 'attachment']), false, null);
            after_insert(16, new \WP_Post(['post_type' => 'nav_menu_item']), false, null);
            same([], $GLOBALS['world']['actions']);
        },
        'without an address or a secret nothing is announced' => function () {
            unset($GLOBALS['world']['options']['howdah_hook_secret']);
            after_insert(17, new \WP_Post(['ID' => 17]), false, null);
            same([], $GLOBALS['world']['scheduled']);
        },
        'a notice that is not taken stays scheduled, and says why' => function () {
            $GLOBALS['world']['answer'] = ['code' => 503];
            after_insert(18, new \WP_Post(['ID' => 18]), false, null);
            end_request();
            same([[60, 1]], $GLOBALS['world']['scheduled']);
            same('howdah answered 503.', $GLOBALS['world']['options']['howdah_trouble']);
        },
        'of many posts at once only the first waits for a howdah that is away' => function () {
            $GLOBALS['world']['answer'] = new \WP_Error('http', 'timed out');
            foreach ([21, 22, 23] as $post_id) {
                after_insert($post_id, new \WP_Post(['ID' => $post_id]), false, null);
            }
            end_request();
            same(1, count($GLOBALS['world']['sent']));
            same([[60, 1], [60, 1], [60, 1]], $GLOBALS['world']['scheduled']);
        },
        'all of many posts are announced' => function () {
            foreach ([24, 25, 26] as $post_id) {
                after_insert($post_id, new \WP_Post(['ID' => $post_id]), false, null);
            }
            end_request();
            same(['{"post_id":24}', '{"post_id":25}', '{"post_id":26}'], array_column($GLOBALS['world']['sent'], 'body'));
            same([], $GLOBALS['world']['scheduled']);
        },
        'a post that is copied to another site of the network is announced as that site’s' => function () {
            after_insert(27, new \WP_Post(['ID' => 27]), false, null);
            switch_to_blog(2);
            after_insert(27, new \WP_Post(['ID' => 27]), false, null);
            restore_current_blog();
            end_request();
            same([1, 2], array_column($GLOBALS['world']['sent'], 'site'));
            same(1, get_current_blog_id());
        },
        'the trouble of one site of the network is none of the others’' => function () {
            $GLOBALS['world']['answer'] = ['code' => 404];
            foreach ([1, 1, 2] as $number => $site) {
                switch_to_blog($site);
                after_insert(41 + $number, new \WP_Post(['ID' => 41 + $number]), false, null);
                restore_current_blog();
            }
            end_request();
            same([1, 2], array_column($GLOBALS['world']['sent'], 'site'));
        },
        'it is tried again later and later with the same id, and then no more' => function () {
            $GLOBALS['world']['answer'] = new \WP_Error('http', 'refused');
            for ($tries = 1; $tries <= 6; $tries += 1) {
                retry(19, 'msg_1', $tries);
            }
            same([[300, 2], [900, 3], [3600, 4], [10800, 5]], $GLOBALS['world']['scheduled']);
            same('msg_1', $GLOBALS['world']['sent'][5]['headers']['webhook-id']);
        },
        'a post that is public no more is not announced again' => function () {
            $GLOBALS['world']['status'] = 'draft';
            retry(20, 'msg_1', 1);
            same([], $GLOBALS['world']['sent']);
        },
        'a wish whose answer was lost keeps its id, but not on a copy of the post' => function () {
            $GLOBALS['world']['answer'] = new \WP_Error('http', 'timed out');
            foreach ([31, 31, 132, 32] as $post_id) {
                share_again(['id' => $post_id]);
            }
            $ids = array_map(function ($sent) {
                return $sent['headers']['webhook-id'];
            }, $GLOBALS['world']['sent']);
            same($ids[0], $ids[1]);
            same(3, count(array_unique($ids)));
        },
        'the field shows an error only where there is no url' => function () {
            $GLOBALS['world']['meta'] = ['_share_on_mastodon_url' => 'https://a.example/1', '_share_on_mastodon_error' => 'no'];
            same(['url' => 'https://a.example/1', 'error' => ''], read_field(['id' => 7]));
            unset($GLOBALS['world']['meta']['_share_on_mastodon_url']);
            same(['url' => '', 'error' => 'no'], read_field(new \WP_Post()));
        },
        'a url replaces an error, and an error a url' => function () {
            same(true, write_field(['error' => "re\\fused\n <b>no</b>"], new \WP_Post()));
            same(['_share_on_mastodon_error' => 're\\fused no'], $GLOBALS['world']['meta']);
            same(true, write_field(['url' => 'https://a.example/@b/1', 'error' => 'x'], new \WP_Post()));
            same(['_share_on_mastodon_url' => 'https://a.example/@b/1'], $GLOBALS['world']['meta']);
            same(true, write_field(['url' => '', 'error' => ''], new \WP_Post()));
            same([], $GLOBALS['world']['meta']);
        },
        'what is no web address is refused' => function () {
            foreach (['javascript:alert(1)', 'ftp://a.example/', '//a.example', 'https://', str_repeat('x', 9), 5, ['x']] as $url) {
                same(400, write_field(['url' => $url], new \WP_Post())->data['status']);
            }
            same(400, write_field(['url' => 'https://a.example/' . str_repeat('x', 2000)], new \WP_Post())->data['status']);
        },
        'who may not edit the post may not write its field' => function () {
            $GLOBALS['world']['may'] = false;
            same(403, write_field(['url' => 'https://a.example/1'], new \WP_Post())->data['status']);
            same([], $GLOBALS['world']['meta']);
        },
        'a request that writes more than the field is WordPress’s own to save' => function () {
            $field = ['share_on_mastodon' => ['url' => '']];
            same(true, writes_field_alone(new \WP_REST_Request($field, ['_fields' => 'id', 'rest_route' => '/'])));
            same(true, writes_field_alone(new \WP_REST_Request($field + ['id' => 7])));
            same(false, writes_field_alone(new \WP_REST_Request($field + ['title' => 'x'])));
            same(false, writes_field_alone(new \WP_REST_Request($field, ['title' => 'x'])));
            same(false, writes_field_alone(new \WP_REST_Request(['title' => 'x'])));
        },
        'an answer is said in words that help' => function () {
            same('', trouble_of(['code' => 202]));
            same(true, false !== strpos(trouble_of(['code' => 401]), 'secrets differ'));
            same(true, false !== strpos(trouble_of(['code' => 404]), 'no such site'));
        },
    ];

    $failed = 0;
    foreach ($tests as $says => $test) {
        \fresh_world();
        try {
            $test();
        } catch (\Throwable $error) {
            $failed += 1;
            echo "FAILED: $says: {$error->getMessage()} ({$error->getLine()})\n";
        }
    }
    echo count($tests) - $failed, " passed, $failed failed\n";
    exit($failed ? 1 : 0);
}
