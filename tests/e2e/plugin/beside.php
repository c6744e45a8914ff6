<?php
// A must-use plugin for the tests: the field of another plugin as it shows it, read-only, and its meta.

add_action('rest_api_init', function () {
    register_rest_field('post', 'share_on_mastodon', [
        'get_callback' => function ($post) {
            $url = (string) get_post_meta($post['id'], '_share_on_mastodon_url', true);
            $error = (string) get_post_meta($post['id'], '_share_on_mastodon_error', true);
            return ['url' => $url, 'error' => $url === '' ? $error : ''];
        },
        'update_callback' => null,
    ]);
});
add_action('init', function () {
    register_post_meta('post', '_share_on_mastodon', [
        'single' => true, 'show_in_rest' => true, 'type' => 'string', 'default' => '',
        'auth_callback' => fn() => current_user_can('edit_posts'),
    ]);
});
