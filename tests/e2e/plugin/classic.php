<?php
// A must-use plugin for the tests: the classic editor where the test wants it, and nothing from outside.

add_filter('use_block_editor_for_post', function ($use) {
    return get_option('classic_for_the_tests') ? false : $use;
});
add_filter('pre_http_request', function ($result, $request, $url) {
    return strpos($url, 'wordpress.org') === false ? $result : new WP_Error('outside', 'no request to the outside');
}, 10, 3);
